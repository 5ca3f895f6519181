// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24 <0.7.0;

/// The native contract at address 0x1006. The chain implements it.
contract ParallelConfig {
    function registerParallelFunctionInternal(address, string memory, uint256)
        public
        returns (uint256)
    {}

    function unregisterParallelFunctionInternal(address, string memory) public returns (uint256) {}
}

/// Base of contracts whose functions may run beside each other: `name` is a signature such as
/// "transfer(string,string,uint256)", and the first `criticalSize` arguments tell what a call touches.
contract ParallelContract {
    ParallelConfig private constant CONFIG = ParallelConfig(0x1006);

    function registerParallelFunction(string memory name, uint256 criticalSize) public {
        CONFIG.registerParallelFunctionInternal(address(this), name, criticalSize);
    }

    function unregisterParallelFunction(string memory name) public {
        CONFIG.unregisterParallelFunctionInternal(address(this), name);
    }
}
