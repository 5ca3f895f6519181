/** Contracts of the benchmark, in the words of every compiler from 0.4 to 0.6. */

export const HELLO_WORLD = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24;
contract HelloWorld {
    string private text;
    constructor() public { text = "Hello, World!"; }
    function get() public view returns (string memory) { return text; }
    function set(string memory next) public { text = next; }
}`

export const TOKEN = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24;
library Checked {
    function plus(uint256 a, uint256 b) internal pure returns (uint256 c) { c = a + b; require(c >= a, "too much"); }
    function minus(uint256 a, uint256 b) internal pure returns (uint256) { require(b <= a, "too little"); return a - b; }
}
contract Token {
    using Checked for uint256;
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    uint256 public totalSupply;
    mapping(address => uint256) private held;
    mapping(address => mapping(address => uint256)) private granted;
    constructor() public { totalSupply = 10**27; held[msg.sender] = totalSupply; }
    function balanceOf(address owner) public view returns (uint256) { return held[owner]; }
    function allowance(address owner, address spender) public view returns (uint256) { return granted[owner][spender]; }
    function transfer(address to, uint256 value) public returns (bool) { move(msg.sender, to, value); return true; }
    function approve(address spender, uint256 value) public returns (bool) {
        granted[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }
    function transferFrom(address from, address to, uint256 value) public returns (bool) {
        granted[from][msg.sender] = granted[from][msg.sender].minus(value);
        move(from, to, value);
        return true;
    }
    function move(address from, address to, uint256 value) internal {
        require(to != address(0), "to nobody");
        held[from] = held[from].minus(value);
        held[to] = held[to].plus(value);
        emit Transfer(from, to, value);
    }
}`

export const LOOPS = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24;
contract Loops {
    function arithmetic(uint256 n) public pure returns (uint256 a) {
        a = 1;
        for (uint256 i = 1; i <= n; i++) a = (a * 7 + i) % 1000003 + (a / 3 ^ i);
    }
    function wide(uint256 n) public pure returns (uint256 a) {
        a = 1;
        for (uint256 i = 1; i <= n; i++) a = a * 0x9e3779b97f4a7c15f39cc0605cedc835 + (a >> 3 ^ i);
    }
    function hashes(uint256 n) public pure returns (bytes32 h) {
        for (uint256 i = 0; i < n; i++) h = keccak256(abi.encodePacked(h, i));
    }
    function memories(uint256 n) public pure returns (uint256 sum) {
        uint256[] memory list = new uint256[](n);
        for (uint256 i = 0; i < n; i++) list[i] = i * i;
        for (uint256 k = 0; k < n; k++) sum += list[k] + list[n - 1 - k];
    }
}`
