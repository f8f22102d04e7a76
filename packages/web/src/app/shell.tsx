/** What stands around every view: the name, the ways to the views, the theme. */
import { AppShell, Group, Title } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";

export function Shell() {
  return (
    <AppShell header={{ height: 52 }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" gap="lg">
          <Title order={1} size="h4">
            Volumark
          </Title>
          <nav aria-label="Views">
            <Group gap="md">
              <Link to="/">Studio</Link>
              <Link to="/runs">Runs</Link>
              <Link to="/compare">Compare</Link>
              <Link to="/machine">Machine</Link>
            </Group>
          </nav>
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
