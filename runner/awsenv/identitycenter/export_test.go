package identitycenter

// HostRegion returns the region that a portal's host names, and whether it is a host of AWS.
var HostRegion = hostRegion
