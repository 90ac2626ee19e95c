const boat = location.pathname.match(/^\/boats\/(\d+)$/)
document.body.textContent = boat ? `Boat ${boat[1]}` : 'Boats'
