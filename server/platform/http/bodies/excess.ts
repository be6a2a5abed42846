/** What is wrong with the structure of JSON or XML that somebody else sent: it has too many elements, or is nested too deep. */
export type Excess = 'elements' | 'depth'

/** What a body holds at most unless its inputs are declared to hold more: items of lists and members of objects, or elements of XML. */
export const elementsAtMost = 5000
export const depthAtMost = 32

/** In the words of logs and of protocols that are not wisp's own. */
export function excessWords(excess: Excess, atMost = elementsAtMost): string {
  return excess === 'elements' ? `has more than ${atMost} elements` : `is nested deeper than ${depthAtMost}`
}
