package octopusimport

import "github.com/stepdeck/stepdeck/model/octopusjson"

// Kinds of actions that run a script of their own.
const (
	kindAWSScript = "Octopus.AwsRunScript"
	kindScript    = "Octopus.Script"
)

// otherClouds are the kinds of scripts that Octopus logs in to something else, with what that is.
func otherClouds() map[string]string {
	return map[string]string{
		"Octopus.AzurePowerShell":      "Azure",
		"Octopus.KubernetesRunScript":  "a Kubernetes cluster",
		"Octopus.GoogleCloudScripting": "Google Cloud",
	}
}

func runsScript(kind string) bool {
	return kind == kindAWSScript || kind == kindScript || otherClouds()[kind] != ""
}

// work is what an action of another kind does, and how a script does it.
type work struct{ does, instead string }

const (
	byAWS   = "Write a script that calls aws for it"
	byHand  = "Ask before the run instead, and disable or remove this step"
	ofOther = "Write a script that calls the program for it, or remove this step"
)

func otherKinds() map[string]work {
	return map[string]work{
		"Octopus.AwsRunCloudFormation": {"deploys a CloudFormation stack", byAWS + ": aws cloudformation deploy"},
		"Octopus.AwsApplyCloudFormationChangeSet": {"applies a change set of CloudFormation", byAWS +
			": aws cloudformation execute-change-set"},
		"Octopus.AwsDeleteCloudFormation": {"deletes a CloudFormation stack", byAWS + ": aws cloudformation delete-stack"},
		"Octopus.AwsUploadS3":             {"uploads a package to S3", "Add the package to the step, and write a script: aws s3 cp"},
		"aws-s3-create-bucket":            {"creates an S3 bucket", byAWS + ": aws s3 mb"},
		"aws-ecs":                         {"deploys a service of ECS", byAWS + ": aws ecs update-service"},
		"aws-ecs-update-service":          {"updates a service of ECS", byAWS + ": aws ecs update-service"},
		"Octopus.TentaclePackage": {"deploys a package to a target",
			"Add the package to the step, and write a script that copies its files"},
		"Octopus.TransferPackage": {"transfers a package to a target",
			"Add the package to the step, and write a script that copies it"},
		"Octopus.IIS": {"deploys a package to IIS",
			"Add the package to the step, and write a script that sets IIS up"},
		"Octopus.WindowsService": {"deploys a package as a Windows service",
			"Add the package to the step, and write a script that installs the service"},
		"Octopus.Manual": {"asks a person to intervene", byHand},
		"Octopus.Email": {"sends an email",
			"Write a script that sends it, with aws ses send-email for example, or remove this step"},
		"Octopus.HealthCheck":                       {"checks deployment targets", "Remove this step: a run here has no targets"},
		"Octopus.DeployRelease":                     {"deploys a release of another project", "Run that project by itself"},
		"Octopus.TerraformApply":                    {"applies a Terraform template", ofOther},
		"Octopus.TerraformPlan":                     {"plans a Terraform template", ofOther},
		"Octopus.TerraformDestroy":                  {"destroys what a Terraform template made", ofOther},
		"Octopus.TerraformPlanDestroy":              {"plans to destroy what a Terraform template made", ofOther},
		"Octopus.HelmChartUpgrade":                  {"upgrades a Helm chart", ofOther},
		"Octopus.Kustomize":                         {"deploys to Kubernetes with Kustomize", ofOther},
		"Octopus.KubernetesDeployContainers":        {"deploys containers to Kubernetes", ofOther},
		"Octopus.KubernetesDeployRawYaml":           {"deploys YAML to Kubernetes", ofOther},
		"Octopus.KubernetesDeployService":           {"deploys a service to Kubernetes", ofOther},
		"Octopus.KubernetesDeployIngress":           {"deploys an ingress to Kubernetes", ofOther},
		"Octopus.KubernetesDeployConfigMap":         {"deploys a config map to Kubernetes", ofOther},
		"Octopus.KubernetesDeploySecret":            {"deploys a secret to Kubernetes", ofOther},
		"Octopus.AzureWebApp":                       {"deploys an Azure web app", ofOther},
		"Octopus.AzureAppService":                   {"deploys to an Azure app service", ofOther},
		"Octopus.AzureCloudService":                 {"deploys an Azure cloud service", ofOther},
		"Octopus.AzureResourceGroup":                {"deploys an Azure resource group", ofOther},
		"Octopus.AzureServiceFabricApp":             {"deploys a Service Fabric application", ofOther},
		"Octopus.AzureServiceFabricPowerShell":      {"runs a script on Service Fabric", ofOther},
		"Octopus.TomcatDeploy":                      {"deploys to Tomcat", ofOther},
		"Octopus.WildFlyDeploy":                     {"deploys to WildFly", ofOther},
		"Octopus.JavaArchive":                       {"deploys a Java archive", ofOther},
		"Octopus.Nginx":                             {"deploys to NGINX", ofOther},
		"Octopus.DockerRun":                         {"runs a Docker container", ofOther},
		"Octopus.DockerStop":                        {"stops a Docker container", ofOther},
		"Octopus.DockerNetwork":                     {"creates a Docker network", ofOther},
		"Octopus.Certificate.Import":                {"imports a certificate", ofOther},
		"Octopus.ArgoCDUpdateImageTags":             {"updates image tags for Argo CD", ofOther},
		"Octopus.ArgoCDCommitManifests":             {"commits manifests for Argo CD", ofOther},
		"Octopus.ProcessTemplate":                   {"runs a process template", "Import the process of the template, and put its steps here"},
		"Octopus.JiraIntegration.ServiceDeskAction": {"creates a change request in Jira", ofOther},
	}
}

// otherKind says that a kind of action has no counterpart here. The step is kept, without a script, so that the rest keeps its place.
func (c *converter) otherKind(item *Item, a octopusjson.Action) {
	kind := string(a.ActionType)
	w, known := otherKinds()[kind]
	if !known {
		w = work{"does something that Stepdeck does not know", "Write a script that does it, or remove this step"}
	}
	item.missing(w.instead+". Until then the step can't be run.", "It %s (%s). Stepdeck only runs scripts, so the step is here without one.",
		w.does, shown(kind))
	c.otherProperties(item, a.Properties)
	c.properties(item, a.Inputs, "")
	for _, name := range []string{"PreDeploy", "Deploy", "PostDeploy"} {
		for _, ending := range []string{"ps1", "sh", "py"} {
			if key := "Octopus.Action.CustomScripts." + name + "." + ending; a.Properties.Text(key) != "" {
				item.missing("Copy it from Octopus, or from the export, into a step of its own.", "Its custom script %s.%s is left out.", name, ending)
			}
		}
	}
}
