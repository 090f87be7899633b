umask; touch f; ls -l f | cut -c1-10; ulimit -c
