const { goods, id } = require("shared");

const page = () => `<h1>Stock</h1>\n<ul>${goods.map((g) => `<li id="${id(g.name)}">${g.name}: ${g.left}</li>`).join("")}</ul>\n`;

module.exports = page;
