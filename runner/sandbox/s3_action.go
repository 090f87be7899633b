package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// s3Action returns the permission that an S3 request needs, and the resource it is for.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
func s3Action(method string, u *url.URL) (action, resource string) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	q := u.Query()
	switch {
	case bucket == "":
		return "s3:ListAllMyBuckets", "arn:aws:s3:::*"
	case key == "" && method == http.MethodPost && q.Has("delete"):
		return "s3:DeleteObject", "arn:aws:s3:::" + bucket + "/*"
	case key == "":
		return bucketAction(method, q), "arn:aws:s3:::" + bucket
	}
	return objectAction(method, q), "arn:aws:s3:::" + bucket + "/" + key
}

func bucketAction(method string, q url.Values) string {
	switch {
	case method == http.MethodDelete:
		return "s3:DeleteBucket"
	case method == http.MethodPut && q.Has("versioning"):
		return "s3:PutBucketVersioning"
	case method == http.MethodPut || method == http.MethodPost:
		return "s3:CreateBucket"
	case q.Has("location"):
		return "s3:GetBucketLocation"
	case q.Has("versioning"):
		return "s3:GetBucketVersioning"
	case q.Has("uploads"):
		return "s3:ListBucketMultipartUploads"
	}
	return "s3:ListBucket"
}

func objectAction(method string, q url.Values) string {
	switch {
	case method == http.MethodDelete && q.Has("uploadId"):
		return "s3:AbortMultipartUpload"
	case method == http.MethodDelete:
		return "s3:DeleteObject"
	case method == http.MethodPut || method == http.MethodPost:
		return "s3:PutObject"
	case q.Has("uploadId"):
		return "s3:ListMultipartUploadParts"
	}
	return "s3:GetObject"
}
