false; echo on
