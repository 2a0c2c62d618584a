// A service of your own that takes Blockbot's access tokens. It asks Blockbot for its public keys and for nothing else.
//
//	ISSUER=http://localhost:3000 AUDIENCE=https://billing.example.com PORT=4000 go run .
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

type claims struct {
	Org  string `json:"org,omitempty"`
	Role string `json:"role,omitempty"`
	jwt.RegisteredClaims
}

func newVerify(issuer, audience string) func(token string) (*claims, error) {
	keys, err := keyfunc.NewDefault([]string{issuer + "/.well-known/jwks.json"})
	if err != nil {
		log.Fatal(err)
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"ES256", "EdDSA"}),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
	)
	return func(token string) (*claims, error) {
		verified := &claims{}
		parsed, err := parser.ParseWithClaims(token, verified, keys.Keyfunc)
		if err != nil {
			return nil, err
		}
		if parsed.Header["typ"] != "at+jwt" || verified.Subject == "" {
			return nil, errors.New("not an access token")
		}
		return verified, nil
	}
}

func main() {
	issuer, audience := os.Getenv("ISSUER"), os.Getenv("AUDIENCE")
	// Without AUDIENCE every token would be taken, whomever it is for.
	if issuer == "" || audience == "" {
		log.Fatal("ISSUER and AUDIENCE: set both")
	}
	verify := newVerify(issuer, audience)

	service := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// From a gate in front (docs/gateway.md), or from the caller.
		token := r.Header.Get("X-Identity")
		if scheme, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " "); token == "" && strings.EqualFold(scheme, "bearer") {
			token = bearer
		}
		if token == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		who, err := verify(token)
		if err != nil {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"sub": who.Subject, "org": who.Org, "role": who.Role})
	})

	listener, err := net.Listen("tcp", "127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "4000"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, service))
}
