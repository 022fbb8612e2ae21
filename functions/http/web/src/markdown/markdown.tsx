// Stub until merged.
export function Markdown({ text }: { text: string }) {
  return <p class="plain">{text}</p>;
}
