package command

import (
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app/sandbox"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) sandboxCommand() *cobra.Command {
	var port int
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run a local AWS sandbox (STS, S3) until it is stopped",
		Long: `Run a local AWS sandbox (STS, S3, instance metadata) until it is stopped, for trying things out with aws and other
programs. It checks signatures, keeps everything in memory and listens on this computer only.`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if port < 0 || port > 65535 {
				return model.NewError("usage", "%d is not a port. Use 1 to 65535, or 0 for any free port.", port)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), stopSignals()...)
			defer stop()
			server, err := sandbox.Start(ctx, port)
			if err != nil {
				return err
			}
			key := server.Key
			if err := c.printJSON(sandboxRecord{
				Endpoint: server.Endpoint(), AccessKeyID: key.AccessKeyID, SecretAccessKey: key.SecretKey, AWSAccount: server.AWSAccount,
				MetadataEndpoint: server.MetadataEndpoint(),
			}); err != nil {
				return err
			}
			c.say("The sandbox listens until you press Ctrl-C. Try it:")
			c.say("  AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_DEFAULT_REGION=eu-west-1 "+
				"aws --endpoint-url %s sts get-caller-identity", key.AccessKeyID, key.SecretKey, server.Endpoint())
			<-ctx.Done()
			return server.Close()
		},
	}
	cmd.Flags().IntVar(&port, "port", 0, "port to listen on; 0: any free port")
	return cmd
}
