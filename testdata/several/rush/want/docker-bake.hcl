# docker buildx bake builds all of them; with names, those alone: docker buildx bake api
group "default" {
  targets = ["api", "web"]
}

target "api" {
  context    = "."
  dockerfile = "apps/api/Dockerfile"
  tags       = ["api"]
}

target "web" {
  context    = "."
  dockerfile = "apps/web/Dockerfile"
  tags       = ["web"]
}
