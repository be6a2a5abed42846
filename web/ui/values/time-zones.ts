/** The zones that the browser knows, with the one that is set, whose name may be an older one. */
export function timeZones(set: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return set === '' || known.includes(set) ? known : [set, ...known]
}
