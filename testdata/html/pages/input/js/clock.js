document.getElementById('high').textContent = new Date().getHours() < 12 ? 'noon' : 'midnight'
