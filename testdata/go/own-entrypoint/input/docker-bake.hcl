variable "REVISION" {
  default = "unknown"
}

target "notes" {
  target = "runner"
  args = {
    REVISION = REVISION
  }
  tags = ["ghcr.io/example/notes"]
}
