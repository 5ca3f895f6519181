/** What the workloads deploy. */
export const BENCH_SOURCE = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.6.10;

contract HelloWorld {
    string private name = "Hello, World!";

    function get() public view returns (string memory) {
        return name;
    }

    function set(string memory newName) public {
        name = newName;
    }
}

contract Token {
    mapping(address => uint256) public balanceOf;

    event Transfer(address indexed from, address indexed to, uint256 value);

    function mint(uint256 value) public {
        balanceOf[msg.sender] += value;
        emit Transfer(address(0), msg.sender, value);
    }

    function transfer(address to, uint256 value) public returns (bool) {
        uint256 balance = balanceOf[msg.sender];
        require(balance >= value, "balance too low");
        balanceOf[msg.sender] = balance - value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

contract ParallelConfig {
    function registerParallelFunctionInternal(address, string memory, uint256) public returns (uint256) {}
}

contract ParallelTransfer {
    mapping(string => uint256) private balances;

    constructor() public {
        ParallelConfig(0x1006).registerParallelFunctionInternal(
            address(this),
            "transfer(string,string,uint256)",
            2
        );
    }

    function set(string memory name, uint256 value) public {
        balances[name] = value;
    }

    function balanceOf(string memory name) public view returns (uint256) {
        return balances[name];
    }

    function transfer(string memory from, string memory to, uint256 value) public {
        require(balances[from] >= value, "balance too low");
        balances[from] -= value;
        balances[to] += value;
    }
}
`
