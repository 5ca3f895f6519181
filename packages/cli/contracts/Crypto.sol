// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24 <0.7.0;

/// The native contract for cryptography, at address 0x5006, as contracts call it. The chain implements it: what stands
/// in the bodies here never runs.
contract Crypto {
    function sm3(bytes memory) public view returns (bytes32) {}

    function keccak256Hash(bytes memory) public view returns (bytes32) {}

    /// Message, public key, r, s; whether the signature is good, and whose it is.
    function sm2Verify(bytes32, bytes memory, bytes32, bytes32) public view returns (bool, address) {}

    /// Input, public key and proof as text; whether the proof is good, and the number that it proves.
    function curve25519VRFVerify(string memory, string memory, string memory)
        public
        view
        returns (bool, uint256)
    {}
}
