# docker buildx bake builds all of them; with names, those alone: docker buildx bake backend
group "default" {
  targets = ["backend", "frontend"]
}

target "backend" {
  context = "backend"
  tags    = ["books"]
}

target "frontend" {
  context = "frontend"
  tags    = ["frontend"]
}
