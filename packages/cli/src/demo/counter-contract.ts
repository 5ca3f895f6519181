/** What the demonstration deploys. */
export const COUNTER_SOURCE = `
pragma solidity ^0.6.10;

contract Counter {
    string public label;
    uint256 public count;

    event Counted(address indexed by, uint256 count);

    constructor(string memory initial) public {
        label = initial;
    }

    function add(uint256 amount) public returns (uint256) {
        require(amount > 0, "nothing to add");
        count += amount;
        emit Counted(msg.sender, count);
        return count;
    }
}
`
