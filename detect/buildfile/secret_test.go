package buildfile

import (
	"strings"
	"testing"
)

// TestRedacted: what is remembered of a Dockerfile has no secret in it, and the same facts.
func TestRedacted(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"nothing to hide", "FROM node:24\nENV PORT=80 A=\"b c\"\nRUN apt-get install -y curl\n", "FROM node:24\nENV PORT=80 A=\"b c\"\nRUN apt-get install -y curl\n"},
		{"by its name", "FROM a\nENV DB_PASSWORD=hunter2 PORT=80\n", "FROM a\nENV DB_PASSWORD=://hidden@ PORT=80\n"},
		{"in quotes", "FROM a\nENV DB_PASSWORD=\"a hunter 2\" PORT=80\n", "FROM a\nENV DB_PASSWORD=://hidden@ PORT=80\n"},
		{"the older form", "FROM a\nENV API_TOKEN hunter2\nEXPOSE 80\n", "FROM a\nENV API_TOKEN ://hidden@\nEXPOSE 80\n"},
		{"over lines", "FROM a\nENV A=1 \\\n  API_TOKEN=hunter2 \\\n  B=2\n", "FROM a\nENV A=1 \\\n  API_TOKEN=://hidden@ \\\n  B=2\n"},
		{"by its value", "FROM a\nENV UPSTREAM=https://me:hunter2@example.com\n", "FROM a\nENV UPSTREAM=://hidden@\n"},
		{"an argument", "ARG SECRET=hunter2\nFROM a\n", "ARG SECRET=://hidden@\nFROM a\n"},
		{"a label", "FROM a\nLABEL note=\"password=hunter2\"\n", "FROM a\nLABEL note=://hidden@\n"},
		{"a command", "FROM a\nRUN git clone https://me:hunter2@example.com/x\n", "FROM a\nRUN git clone ://hidden@\n"},
		{"a header", "FROM a\nRUN curl -H \"Authorization: token hunter2\" -H 'X-Api-Key: hunter2' https://example.com/x\n", "FROM a\nRUN curl -H \"Authorization: token ://hidden@\" -H 'X-Api-Key: ://hidden@' https://example.com/x\n"},
		{"an account", "FROM a\nRUN curl -u me:hunter2 https://example.com/x\nRUN useradd -u 1000:1000 me\n", "FROM a\nRUN curl -u ://hidden@ https://example.com/x\nRUN useradd -u 1000:1000 me\n"},
		{"an option", "FROM a\nCMD [\"x\", \"--password=hunter2\"]\n", "FROM a\nCMD [\"x\", \"--password=://hidden@\"]\n"},
		{"a name as long as a key", "FROM a\nARG RATELIMITS_WHITELIST_TOTAL_REQUESTS\nENV COREPACK_ENABLE_DOWNLOAD_PROMPT=0 B=1\n", "FROM a\nARG RATELIMITS_WHITELIST_TOTAL_REQUESTS\nENV COREPACK_ENABLE_DOWNLOAD_PROMPT=0 B=1\n"},
		{"an option as long as a key", "FROM a\nRUN x --enable-experimental-feature-of-tomorrow=1 --enable-experimental-feature-of-tomorrow\n", "FROM a\nRUN x --enable-experimental-feature-of-tomorrow=1 --enable-experimental-feature-of-tomorrow\n"},
		{"a key of such a variable", "FROM a\nENV COREPACK_ENABLE_DOWNLOAD_PROMPT=hunter2hunter2hunter2hunter2hunter2\n", "FROM a\nENV COREPACK_ENABLE_DOWNLOAD_PROMPT=://hidden@\n"},
		{"a key among options", "FROM a\nRUN x --y=hunter2hunter2hunter2hunter2hunter2 -Dspring.datasource.password=hunter2\n", "FROM a\nRUN x --y=://hidden@ -Dspring.datasource.password=://hidden@\n"},
		{"a provider's token", "FROM a\nRUN x sk_live_hunter_abcdefghijkl\n", "FROM a\nRUN x ://hidden@\n"},
		{"about a key", "FROM a\nENV KEYGENERATOR_TYPE=phonetic TOKEN_TTL=60\n", "FROM a\nENV KEYGENERATOR_TYPE=phonetic TOKEN_TTL=60\n"},
		{"a folder of a secret's name", "FROM a\nENV KEY_FILE=/run/key\nVOLUME /run\n", "FROM a\nENV KEY_FILE=://hidden@\nVOLUME /run\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Redacted(tt.text)
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if !ok {
				t.Errorf("not kept")
			}
			if strings.Contains(got, "hunter") {
				t.Errorf("has the secret: %q", got)
			}
			if again, ok := Redacted(got); ok && again != got {
				t.Errorf("again: %q", again)
			}
		})
	}
}

// TestSecretStart: a start with a secret in it is not taken up, so that no image gets it.
func TestSecretStart(t *testing.T) {
	for line, want := range map[string]bool{
		`CMD ["app", "--password=hunter2"]`:                                               false,
		`CMD ["app", "--token", "hunter2"]`:                                               true, // a token may be a file's name or a number
		`CMD ["app", "--db-password", "hunter2"]`:                                         false,
		`CMD ["app", "--db-password", "$DB_PASSWORD"]`:                                    true,
		`CMD ["app", "--password-file=/run/secrets/db"]`:                                  true,
		`CMD ["app", "https://me:hunter2@example.com"]`:                                   false,
		`CMD app --api-secret=hunter2 serve`:                                              false,
		`CMD ["app", "--enable-experimental-feature-of-tomorrow=1"]`:                      true,
		`CMD ["app", "ghp_0123456789abcdef0123"]`:                                         false,
		`ENTRYPOINT ["gunicorn", "config.wsgi_of_a_module_with_a_long_name:application"]`: true,
	} {
		f := &File{Name: "Dockerfile", rel: "Dockerfile"}
		f.dockerfile("FROM a\n" + line + "\n")
		if got := f.Image.Cmd.Found() || f.Image.Entrypoint.Found(); got != want {
			t.Errorf("%s: taken up: %v", line, got)
		}
	}
}
