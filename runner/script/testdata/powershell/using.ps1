using namespace System.Text
[StringBuilder]::new('a').ToString()
