/** Every key that does something now. */
import { Kbd, Modal, Switch } from "@mantine/core";
import { useKeyGroups, useKeysOn } from "./keys.ts";

const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

export function KeysDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const groups = useKeyGroups();
  const [on, setOn] = useKeysOn();
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <div className="keys-groups">
        {groups.map(({ name, actions }) => (
          <section key={name}>
            <h3 className="label">{name}</h3>
            <dl className="keys-list">
              {actions.map(({ key, label }) => (
                <div key={key}>
                  <dt>
                    {key === " " ? (
                      <Kbd>Space</Kbd>
                    ) : (
                      key.split(" ").map((one) => <Kbd key={one}>{NAMES[one] ?? one}</Kbd>)
                    )}
                  </dt>
                  <dd>{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt="md"
        checked={on}
        onChange={(event) => setOn(event.currentTarget.checked)}
        label="Keys do something"
        description="Off: only Tab, Enter, Space and arrows of what has the focus. This dialog opens by its button."
      />
    </Modal>
  );
}
