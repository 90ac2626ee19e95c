package python

import "testing"

// TestIdle: a variable is not needed where only another one, that nobody set, makes the code ask for it.
func TestIdle(t *testing.T) {
	for condition, needed := range map[string]bool{
		"os.environ.get('USE_S3')":               false,
		"os.getenv('USE_S3', '')":                false,
		"os.getenv('USE_S3', 'yes')":             true,
		"os.environ.get('USE_S3') == 'True'":     false,
		"'local' == os.getenv('STORE', 's3')":    false,
		"os.getenv('STORE', 's3') == 's3'":       true,
		"env.bool('USE_S3', False)":              false,
		"env.bool('USE_S3', default=True)":       true,
		"env.bool('USE_S3')":                     true,
		"S3":                                     false,
		"(S3 or env.bool('A', False))":           false,
		"S3 or other()":                          true,
		"S3 and other()":                         false,
		"not S3":                                 true,
		"other()":                                true,
		"False":                                  false,
		"SWITCHED":                               true,
		"S3:\n  pass\nelif env.bool('B', False)": false,
		"other():\n  pass\nelif S3":              false,
		"S3:\n  pass\nelse":                      true,
		"S3:\n  pass\nif True":                   true,
		"other():\n  if S3":                      true, // the second line of the body stands outside of the inner block
		"'x' in os.environ and env.bool('USE_S3', False)": false,
		"'X' in os.environ":                                              false,
		"'X' not in os.environ":                                          true,
		"'X' in os.environ or 'Y' in os.environ":                         false,
		"'X' in os.environ and other()":                                  false,
		"'X' in other":                                                   true,
		"x in os.environ":                                                true,
		"os.environ.get('USE_S3') is not None":                           false,
		"os.environ.get('USE_S3') is None":                               true,
		"os.getenv('STORE') == other()":                                  true,
		"((((((((((((((((((((((((((((((S3))))))))))))))))))))))))))))))": false,
	} {
		text := "import os, environ\nenv = environ.Env()\nS3 = env.bool('USE_S3', False)\nSWITCHED = False\nif x:\n  SWITCHED = True\nif " + condition + ":\n  A = os.environ['KEY']\n"
		if condition == "other():\n  if S3" {
			text = "import os, environ\nenv = environ.Env()\nS3 = env.bool('USE_S3', False)\nif other():\n  if S3:\n    pass\n  A = os.environ['KEY']\n"
		}
		f, err := Detect(scan(t, map[string]string{"app.py": text, "requirements.txt": ""}), ".")
		if err != nil {
			t.Fatal(err)
		}
		got := false
		for _, v := range f.Modules[0].Required() {
			got = got || v.Name == "KEY"
		}
		if got != needed {
			t.Errorf("%s: needed %v", condition, got)
		}
	}
}
