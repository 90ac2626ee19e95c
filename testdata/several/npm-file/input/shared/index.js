const slugify = require("slugify");

const goods = [
  { name: "Green Tea", left: 12 },
  { name: "Oat Milk", left: 3 },
];

// id is the name of a good as an address has it.
const id = (name) => slugify(name, { lower: true });

module.exports = { goods, id };
