<%@ page contentType="text/html;charset=UTF-8" %>
<!DOCTYPE html>
<html lang="en">
  <head><title>Bakery</title></head>
  <body><a href="loaves?flour=rye">Loaves</a></body>
</html>
