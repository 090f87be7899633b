package vault_test

import (
	"context"
	"fmt"
	"os"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
)

func ExampleVault() {
	dir, err := os.MkdirTemp("", "vault")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	v := vault.Open(vault.Options{Dir: dir, Passphrase: func(context.Context) (string, error) { return "a long passphrase", nil }})
	ref := model.SecretRef{Owner: "account-1", Field: "secretKey"}
	fmt.Println(v.Put(ctx, map[model.SecretRef]string{ref: "s3cr3t"}))
	fmt.Println(v.Get(ctx, ref))
	_, err = v.Get(ctx, model.SecretRef{Owner: "account-2", Field: "secretKey"})
	fmt.Println(model.ErrorCode(err))
	// Output:
	// <nil>
	// s3cr3t <nil>
	// secret.missing
}
