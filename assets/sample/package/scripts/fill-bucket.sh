# shellcheck shell=bash disable=SC1091
# Makes a bucket and puts objects into it: fill-bucket.sh BUCKET COUNT
. "$(dirname "${BASH_SOURCE[0]}")/../lib/aws.sh"
bucket=$1
count=$2
echo "Acting as $(aws sts get-caller-identity --query Arn --output text)"
aws s3 mb "s3://$bucket"
for i in $(seq "$count"); do
  echo "object $i" | aws s3 cp - "s3://$bucket/object-$i.txt"
  echo "##octopus[progress percentage='$(printf %s $((100 * i / count)) | base64)' message='$(printf 'object %s of %s' "$i" "$count" | base64)']"
done
aws s3 ls "s3://$bucket"
set_octopusvariable ObjectCount "$count"
