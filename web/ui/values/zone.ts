import { usualZone } from '../../../server/platform/time-zone.ts'

let zone = usualZone

/** On whose clocks the page writes times: those of the corp that it is about, wherever the browser is. */
export function pageZone(): string {
  return zone
}

/** Must run before what writes times is rendered. Undefined: the page is about no corp. */
export function setPageZone(next: string | undefined): void {
  zone = next ?? usualZone
}
