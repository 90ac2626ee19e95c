import { euros } from '@bookshop/prices'

document.querySelector('#app').textContent = `from ${euros(1250)}`
