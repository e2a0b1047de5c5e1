package main

import "context"

func checkHTML(ctx context.Context, s *step) error { return s.audit(ctx, "html.mjs", "") }

func checkAxe(ctx context.Context, s *step) error { return s.auditInBrowser(ctx, "axe.mjs") }

func checkLighthouse(ctx context.Context, s *step) error {
	return s.auditInBrowser(ctx, "lighthouse.mjs")
}

func (s *step) auditInBrowser(ctx context.Context, script string) error {
	chromium, err := s.chromium(ctx)
	if err != nil {
		return err
	}
	return s.audit(ctx, script, chromium)
}

// audit runs a script of check/audit against the running server.
func (s *step) audit(ctx context.Context, script, chromium string) error {
	server, err := s.audited(ctx)
	if err != nil {
		return err
	}
	cmd := s.command(ctx, "node", "check/audit/"+script)
	cmd.Env = append(cmd.Env, "AUDIT_URL="+server.url, "AUDIT_TODAY="+server.today, "CHROMIUM="+chromium)
	return cmd.Run()
}
