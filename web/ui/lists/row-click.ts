/** Whether the click is meant for the row and not for a link, button or box in it. */
export function fromRow(target: EventTarget): boolean {
  return !(target as Element).closest('a, button, input, label, .ant-checkbox-wrapper')
}
