package sandbox

import (
	"net/http"
	"strings"
)

// regionPrefix begins the path of a region's endpoint. No bucket can be called so.
const regionPrefix = "/_region/"

// RegionEndpoint returns the URL of a region, such as http://127.0.0.1:4566/_region/eu-west-1. Everything is served
// there, as it is at Endpoint, and the sign-in services know which region they were asked in.
func (s *Server) RegionEndpoint(region string) string { return s.endpoint + regionPrefix + region }

// regionOf returns the region of the endpoint that a request was sent to, "" if it is not for one region.
func regionOf(r *http.Request) string {
	rest, found := strings.CutPrefix(r.URL.Path, regionPrefix)
	if !found {
		return ""
	}
	region, _, _ := strings.Cut(rest, "/")
	return region
}

func withoutRegion(path string) string {
	rest, found := strings.CutPrefix(path, regionPrefix)
	if !found {
		return path
	}
	_, rest, _ = strings.Cut(rest, "/")
	return "/" + rest
}
