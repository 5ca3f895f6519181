// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24 <0.7.0;

import "./Table.sol";

/// Prices of fruit in a table of the chain.
contract TableTest {
    string private constant NAME = "t_price";

    event Created(int256 code);
    event Inserted(int256 rows);
    event Updated(int256 rows);
    event Removed(int256 rows);

    function create() public returns (int256) {
        int256 code = TableFactory(0x1001).createTable(NAME, "name", "item,price");
        emit Created(code);
        return code;
    }

    function select(string memory name) public view returns (string memory item, int256 price) {
        Table table = TableFactory(0x1001).openTable(NAME);
        Entries rows = table.select(name, table.newCondition());
        if (rows.size() > 0) {
            item = rows.get(0).getString("item");
            price = rows.get(0).getInt("price");
        }
    }

    function insert(string memory name, string memory item, int256 price) public returns (int256) {
        Table table = TableFactory(0x1001).openTable(NAME);
        Entry row = table.newEntry();
        row.set("name", name);
        row.set("item", item);
        row.set("price", price);
        int256 rows = table.insert(name, row);
        emit Inserted(rows);
        return rows;
    }

    function update(string memory name, string memory item, int256 price) public returns (int256) {
        Table table = TableFactory(0x1001).openTable(NAME);
        Entry row = table.newEntry();
        row.set("price", price);
        Condition condition = table.newCondition();
        condition.EQ("item", item);
        int256 rows = table.update(name, row, condition);
        emit Updated(rows);
        return rows;
    }

    function remove(string memory name, string memory item) public returns (int256) {
        Table table = TableFactory(0x1001).openTable(NAME);
        Condition condition = table.newCondition();
        condition.EQ("item", item);
        int256 rows = table.remove(name, condition);
        emit Removed(rows);
        return rows;
    }
}
