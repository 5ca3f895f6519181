/** Contracts of the benches and of the tests of parallel execution, compiled once a process. */
import { createRequire } from 'node:module'
import { fromHex } from '@bcos-ts/common'

const SOURCE = `
pragma solidity ^0.6.10;

contract HelloWorld {
  string name;
  function set(string memory n) public { name = n; }
}

contract Token {
  mapping(address => uint256) public balanceOf;
  event Transfer(address indexed from, address indexed to, uint256 value);
  function mint(address to, uint256 value) public { balanceOf[to] += value; }
  function transfer(address to, uint256 value) public returns (bool) {
    require(balanceOf[msg.sender] >= value);
    balanceOf[msg.sender] -= value;
    balanceOf[to] += value;
    emit Transfer(msg.sender, to, value);
    return true;
  }
}

contract Work {
  mapping(uint256 => uint256) public done;
  uint256 public total;
  function grind(uint256 slot, uint256 rounds) public {
    bytes32 hash = bytes32(slot);
    for (uint256 i = 0; i < rounds; i++) hash = keccak256(abi.encodePacked(hash, i));
    done[slot] = uint256(hash);
  }
  function grindTogether(uint256 rounds) public {
    bytes32 hash = bytes32(total);
    for (uint256 i = 0; i < rounds; i++) hash = keccak256(abi.encodePacked(hash, i));
    total = uint256(hash);
  }
}
`

interface CompilerOutput {
  readonly contracts: {
    readonly 'bench.sol': Readonly<
      Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>
    >
  }
}

const require = createRequire(import.meta.url)
const solc: { compile(input: string): string } = require('solc')

/** Init code of each contract, by its name. */
export function compiled(source: string = SOURCE): ReadonlyMap<string, Uint8Array> {
  const settings = {
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  }
  const input = { language: 'Solidity', sources: { 'bench.sol': { content: source } }, settings }
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input)))
  return new Map(
    Object.entries(output.contracts['bench.sol']).map(([name, { evm }]) => [
      name,
      fromHex(evm.bytecode.object),
    ]),
  )
}
