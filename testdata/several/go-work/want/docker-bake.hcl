# docker buildx bake builds all of them; with names, those alone: docker buildx bake admin
group "default" {
  targets = ["admin", "api"]
}

target "admin" {
  context    = "."
  dockerfile = "admin/Dockerfile"
  tags       = ["admin"]
}

target "api" {
  context    = "."
  dockerfile = "api/Dockerfile"
  tags       = ["api"]
}
