<!doctype html>
<title>{{title}}</title>
<h1>{{title}}</h1>
<ul>
% for book in books:
  <li>{{book}}</li>
% end
</ul>
