// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24 <0.7.0;

/// Keeps one text.
contract HelloWorld {
    string private text;

    event Changed(address indexed by, string text);

    constructor() public {
        text = "Hello, World!";
    }

    function get() public view returns (string memory) {
        return text;
    }

    function set(string memory next) public {
        text = next;
        emit Changed(msg.sender, next);
    }
}
