/** A contract that uses what contracts use, in the words of every compiler from 0.4 to 0.8. */
const WORKSHOP = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24;

library Numbers {
    function larger(uint256 a, uint256 b) internal pure returns (uint256) { return a > b ? a : b; }
    function power(uint256 base, uint256 exponent) internal pure returns (uint256 product) {
        product = 1;
        for (uint256 i = 0; i < exponent; i++) product *= base;
    }
}

contract Owned {
    address internal owner;
    event Handed(address indexed from, address indexed to);
    constructor() public { owner = msg.sender; }
    modifier onlyOwner() { require(msg.sender == owner, "only the owner may do this"); _; }
    function hand(address next) public onlyOwner { emit Handed(owner, next); owner = next; }
    function label() internal pure returns (string memory);
}

contract Part {
    uint256 public size;
    string private name;
    constructor(uint256 s, string memory n) public { require(s != 13, "no part of size 13"); size = s; name = n; }
    function describe() public view returns (string memory, uint256) { return (name, size); }
    function grow(uint256 by) public returns (uint256) { size += by; return size; }
    function fail() public pure { revert("a part has failed"); }
}

contract Workshop is Owned {
    using Numbers for uint256;
    enum State { None, Open, Done }
    struct Job { address client; uint64 due; uint32 count; State state; string title; uint256[] steps; }
    mapping(bytes32 => Job) private jobs;
    mapping(address => mapping(uint256 => int128)) private accounts;
    bytes32[] private order;
    Part[] private parts;
    uint8[40] private small;
    bytes private blob;
    event Made(bytes32 indexed id, string title, uint256[] steps);
    event Small(uint8 a, int16 b, bool c, bytes4 d) anonymous;

    function label() internal pure returns (string memory) { return "workshop"; }

    function open(string memory title, uint32 count) public returns (bytes32 id) {
        require(bytes(title).length > 0, "a job has a title");
        id = keccak256(abi.encodePacked(title, count, label()));
        require(jobs[id].state == State.None, "this job exists");
        jobs[id].client = msg.sender;
        jobs[id].due = uint64(block.number + 1000);
        jobs[id].count = count;
        jobs[id].state = State.Open;
        jobs[id].title = title;
        for (uint256 i = 0; i < count; i++) jobs[id].steps.push(i.power(3) + i.larger(4));
        order.push(id);
        emit Made(id, title, jobs[id].steps);
    }

    function close(bytes32 id) public {
        Job storage job = jobs[id];
        require(job.state == State.Open);
        job.state = State.Done;
        uint256 sum;
        for (uint256 i = 0; i < job.steps.length; i++) { if (i == 2) continue; if (sum > 500) break; sum += job.steps[i]; }
        accounts[job.client][uint256(id)] += int128(int256(sum)) - 7;
        delete job.steps;
        delete job.title;
    }

    function titleOf(bytes32 id) public view returns (string memory, address, uint64, State) {
        Job storage job = jobs[id];
        return (job.title, job.client, job.due, job.state);
    }

    function accountOf(address who, bytes32 id) public view returns (int128) { return accounts[who][uint256(id)]; }

    function fill(uint8 from) public returns (uint256 sum) {
        for (uint256 i = 0; i < 40; i++) small[i] = uint8((uint256(from) + i * i) % 256);
        for (uint256 k = 40; k > 0; k--) sum = sum * 3 % 65537 + small[k - 1];
        emit Small(small[3], -5, sum > 5, bytes4(keccak256("small")));
    }

    function keep(bytes memory data) public { blob = data; }
    function kept() public view returns (bytes memory, bytes32) { return (blob, keccak256(blob)); }

    function sort(uint256[] memory list) public pure returns (uint256[] memory) {
        for (uint256 i = 1; i < list.length; i++) {
            uint256 value = list[i];
            uint256 k = i;
            while (k > 0 && list[k - 1] > value) { list[k] = list[k - 1]; k--; }
            list[k] = value;
        }
        return list;
    }

    function fibonacci(uint256 n) public pure returns (uint256) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

    function make(uint256 size, string memory name) public returns (uint256) {
        parts.push(new Part(size, name));
        return parts.length;
    }

    function useParts(uint256 by) public returns (uint256 sum) {
        for (uint256 i = 0; i < parts.length; i++) sum += parts[i].grow(by);
        (, uint256 first) = parts[0].describe();
        sum += first;
    }

    function breakPart() public view { parts[0].fail(); }

    function bits(uint256 a, int256 b, uint8 n) public pure returns (uint256, int256, bytes32) {
        return ((a << n) ^ (a >> (n / 2)) & ~a, b / 3 - b % 5, bytes32(a) & bytes32(uint256(0xffff) << 240));
    }

    function hashOf(uint256 a, uint256 b) public pure returns (uint256 r) {
        assembly {
            mstore(0, a)
            mstore(0x20, b)
            r := xor(keccak256(0, 0x40), byte(5, a))
            for { let i := 0 } lt(i, 4) { i := add(i, 1) } { r := addmod(mulmod(r, 7, 0xfffffffb), i, 1000003) }
        }
    }

    /// Runs a function of a part on the storage of the workshop.
    function borrow(uint256 part, uint256 by) public returns (uint256 ok, uint256 answer) {
        address target = address(parts[part]);
        bytes memory data = abi.encodeWithSelector(bytes4(keccak256("grow(uint256)")), by);
        assembly {
            ok := delegatecall(100000, target, add(data, 0x20), mload(data), 0, 0x20)
            answer := mload(0)
        }
    }

    function sha(bytes memory data) public view returns (bytes32 a, bytes32 b) {
        a = sha256(data);
        b = bytes32(ripemd160(data));
    }

    function overflow(uint256 a, uint256 b) public pure returns (uint256) { return a * b + a; }
    function divide(uint256 a, uint256 b) public pure returns (uint256) { return a / b; }
    function at(uint256 index) public view returns (bytes32) { return order[index]; }
    function sure(bool it) public pure { assert(it); }
}`

/** The same text as a compiler of a release line wants it. */
export function workshopFor(line: string): string {
  const isOld = line.startsWith('0.4') || line.startsWith('0.5')
  if (isOld) return WORKSHOP
  // Since 0.6 what is overridden says so, and what has no body is virtual.
  const virtual = WORKSHOP.replace('contract Owned', 'abstract contract Owned')
    .replace(
      'function label() internal pure returns (string memory);',
      'function label() internal pure virtual returns (string memory);',
    )
    .replace(
      'function label() internal pure returns (string memory) {',
      'function label() internal pure override returns (string memory) {',
    )
  return line.startsWith('0.8')
    ? virtual
        .replaceAll(') public { owner', ') { owner')
        .replaceAll('n) public { require', 'n) { require')
    : virtual
}
