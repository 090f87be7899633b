import beside
beside.fail()
