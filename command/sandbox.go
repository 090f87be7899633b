package command

import (
	"os/signal"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app/sandbox"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) sandboxCommand() *cobra.Command {
	var o sandbox.Options
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run a local AWS sandbox (STS, S3, sign-in) until it is stopped",
		Long: `Run a local AWS sandbox until it is stopped, for trying things out with aws and other programs: STS with MFA, S3, IAM
Identity Center, the sign-in with the AWS console, the credentials endpoint of a container and instance metadata. It
checks signatures and proofs, keeps everything in memory and listens on this computer only.`,
		Example: `  stepdeck sandbox
  stepdeck sandbox --key-lifetime 60s --sign-in-lifetime 10m`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkSandbox(o); err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), stopSignals()...)
			defer stop()
			server, err := sandbox.Start(ctx, o)
			if err != nil {
				return err
			}
			if err := c.printJSON(newSandboxRecord(server)); err != nil {
				return err
			}
			c.tellSandbox(server)
			<-ctx.Done()
			return server.Close()
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Port, "port", 0, "port to listen on; 0: any free port")
	f.DurationVar(&o.KeyLifetime, "key-lifetime", 0, "of the keys that a sign-in gets, such as 60s; 0: as with AWS")
	f.DurationVar(&o.TokenLifetime, "token-lifetime", 0, "of access tokens of IAM Identity Center; 0: one hour")
	f.DurationVar(&o.SignInLifetime, "sign-in-lifetime", 0, "how long a sign-in is renewed; 0: as with AWS")
	f.IntVar(&o.TokenSize, "token-size", 0, "bytes of session tokens, up to 4096; 0: the usual size")
	return cmd
}

func checkSandbox(o sandbox.Options) error {
	if o.Port < 0 || o.Port > 65535 {
		return model.NewError("usage", "%d is not a port. Use 1 to 65535, or 0 for any free port.", o.Port)
	}
	for name, d := range map[string]time.Duration{
		"key-lifetime": o.KeyLifetime, "token-lifetime": o.TokenLifetime, "sign-in-lifetime": o.SignInLifetime,
	} {
		if d < 0 || d > 0 && d < time.Second {
			return model.NewError("usage", "%v is not a time for --%s. Use one second or more, such as 60s, or 0 for what AWS does.", d, name)
		}
	}
	return nil
}

func newSandboxRecord(s sandbox.Sandbox) sandboxRecord {
	return sandboxRecord{
		Endpoint: s.Endpoint(), AccessKeyID: s.Key.AccessKeyID, SecretAccessKey: s.Key.SecretKey, AWSAccount: s.AWSAccount,
		MetadataEndpoint: s.MetadataEndpoint(), Region: s.Region, StartURL: s.StartURL(), MFADevice: s.MFA.Serial, MFASeed: s.MFA.Seed,
		ContainerEndpoint: s.ContainerEndpoint(), ContainerToken: s.ContainerToken(),
	}
}

// tellSandbox says how to try each way to sign in.
func (c *cli) tellSandbox(s sandbox.Sandbox) {
	c.say("The sandbox listens until you press Ctrl-C. Try it with a key:")
	c.say("  AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_DEFAULT_REGION=eu-west-1 "+
		"aws --endpoint-url %s sts get-caller-identity", s.Key.AccessKeyID, s.Key.SecretKey, s.Endpoint())
	c.say("Sign in, in the browser with any user name. Programs reach all services at AWS_ENDPOINT_URL=%s", s.Endpoint())
	c.say("  IAM Identity Center: start URL %s, region %s", s.StartURL(), s.Region)
	c.say("  AWS console: region %s; other regions at %s", s.Region, s.RegionEndpoint("REGION"))
	c.say("  MFA device of the key: %s, seed %s", s.MFA.Serial, s.MFA.Seed)
	c.say("  Container: AWS_CONTAINER_CREDENTIALS_FULL_URI=%s AWS_CONTAINER_AUTHORIZATION_TOKEN=%s AWS_ENDPOINT_URL=%s",
		s.ContainerEndpoint(), s.ContainerToken(), s.Endpoint())
	c.say("  Instance: AWS_EC2_METADATA_SERVICE_ENDPOINT=%s AWS_ENDPOINT_URL=%s", s.MetadataEndpoint(), s.Endpoint())
	for _, role := range s.Roles {
		if role.ExternalID != "" {
			role.ARN += " with the external ID " + role.ExternalID
		}
		c.say("  Role: %s", role.ARN)
	}
}
