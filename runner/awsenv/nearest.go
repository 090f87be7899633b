package awsenv

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// stsRegion returns the region whose STS endpoint is used. It is always regional: some networks reach only their own
// region.
func (r Request) stsRegion() string {
	for _, region := range append([]string{r.Region, r.Account.Region}, r.hints()...) {
		if region != "" {
			return region
		}
	}
	return DefaultRegion
}

// RegionOf returns where AWS is asked for an account itself, without a step or a role. For an account that is a profile, AWS may be
// asked in the region of that instead.
func RegionOf(a model.Account) string { return Request{Account: a}.clean().stsRegion() }

// hints returns regions, or empty texts, that are likelier than another to know the account's keys: keys of one partition are
// unknown in the others.
func (r Request) hints() (regions []string) {
	switch r.Account.Kind {
	case model.KindConsole:
		regions = append(regions, known(r.Account.SignInRegion))
	case model.KindIdentityCenter:
		regions = append(regions, open(r.Account.SignInRegion))
	}
	if r.plan != nil {
		regions = append(regions, hintsOf(*r.plan)...)
	}
	for _, role := range r.Roles {
		regions = append(regions, mainRegion(model.PartitionOfARN(role.ARN)))
	}
	return regions
}

// hintsOf returns those of a profile that has no region itself.
func hintsOf(p profile.Plan) (regions []string) {
	for _, role := range slices.Backward(p.Roles) {
		regions = append(regions, known(role.Region))
	}
	regions = append(regions, known(p.Source.Region), open(p.Source.SSO.Region), mainRegion(model.PartitionOfARN(p.Source.LoginSession)))
	for _, role := range p.Roles {
		regions = append(regions, mainRegion(model.PartitionOfARN(role.ARN)))
	}
	return regions
}

// known returns a region's code, or "" for what is none.
func known(region string) string {
	if region = strings.ToLower(strings.TrimSpace(region)); model.RegionPartition(region) == "" {
		return ""
	}
	return region
}

// open returns the region, or if not every AWS account can be used there, the main region of its partition: the accounts that Identity
// Center leads to needn't have enabled its region.
func open(region string) string {
	if region = known(region); region == "" || enabledByDefault(region) {
		return region
	}
	return mainRegion(partition(region))
}

// mainRegion returns a region of a partition that every AWS account of it can use, or "" for a partition that is not known.
func mainRegion(partition string) string {
	return map[string]string{
		"aws": DefaultRegion, "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1", "aws-eusc": "eusc-de-east-1",
		"aws-iso": "us-iso-east-1", "aws-iso-b": "us-isob-east-1", "aws-iso-e": "eu-isoe-west-1", "aws-iso-f": "us-isof-south-1",
	}[partition]
}

// LoginRegion returns the region in which the sign-in of a profile's login_session is asked: its own, or one of the session's partition.
func LoginRegion(s profile.Source) string {
	for _, region := range []string{known(s.Region), mainRegion(model.PartitionOfARN(s.LoginSession))} {
		if region != "" {
			return region
		}
	}
	return DefaultRegion
}
