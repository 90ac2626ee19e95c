package python

import (
	"strings"
	"testing"
)

func TestHolds(t *testing.T) {
	tests := []struct {
		marker string
		want   bool
	}{
		{"", true},
		{`python_version >= "3.12"`, true},
		{`python_version > '3.9'`, true},
		{`python_version == '3.9'`, false},
		{`python_version < "3.10"`, false},
		{`python_version == "3.*"`, true},
		{`"3.10" > python_version`, false},
		{`"3.10" <= python_version`, true},
		{`python_version in "3.12, 3.13"`, true},
		{`python_version not in "3.12, 3.13"`, false},
		{`python_full_version >= "3.13.1"`, true},
		{`python_full_version < "3.13.1"`, false},
		{`sys_platform == "win32"`, false},
		{`sys.platform == "win32"`, false},
		{`"win32" == sys_platform`, false},
		{`"win" in sys_platform`, false},
		{`sys_platform in "win32 cygwin"`, false},
		{`sys_platform not in "win32 cygwin"`, true},
		{`os_name == "nt"`, false},
		{`platform_machine == "AMD64"`, false},
		{`platform_machine == "aarch64"`, true},
		{`platform_machine == "x86_64" and platform_machine == "aarch64"`, false},
		{`platform_machine == "AMD64" and platform_release == "10"`, false},
		{`platform_python_implementation == "PyPy"`, false},
		{`implementation_name != "cpython"`, false},
		{`sys_platform != "win32" and python_version >= "3.8"`, true},
		{`platform_system == "Windows" or python_version < "3"`, false},
		{`(python_version < "3")`, false},
		{`(sys_platform == "win32" or sys_platform == "darwin") and python_version >= "3.8"`, false},
		{`(sys_platform == "win32" or sys_platform == "linux") and (python_version >= "3.8")`, true},
		{`((((sys_platform == "win32"))))`, false},
		// What is not known, and what cannot be read.
		{`extra == "x"`, true},
		{`extra == "x" and sys_platform == "win32"`, false},
		{`platform_release >= "5"`, true},
		{`sys_platform ==`, true},
		{`sys_platform == "win32" sys_platform`, true},
		{`(sys_platform == "win32"`, true},
		{strings.Repeat("(", 100) + `sys_platform == "win32"` + strings.Repeat(")", 100), true},
		{strings.Repeat(" ", maxMarker) + `sys_platform == "win32"`, false},
		{strings.Repeat(`sys_platform == "win32" or `, maxMarker) + `sys_platform == "win32"`, true},
	}
	for _, tt := range tests {
		if got := holds(tt.marker, "3.13"); got != tt.want {
			t.Errorf("holds(%.80q) = %v", tt.marker, got)
		}
	}
}

func FuzzHolds(f *testing.F) {
	for _, s := range []string{"", `python_version >= "3.12"`, `(a in 'b' and not in)`, `extra == "x" or (`, "~=", `"`} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) { holds(s, "3.13") })
}
