import type { ReactNode } from 'react'

// The punctuation that ends a sentence is not part of the address, and Chinese text may follow it without a blank.
const address = /(https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]*[\w\-~/#=&%])/i

/** Plain text, with the web addresses in it as links. */
export function LinkedText({ text }: { text: string }): ReactNode {
  return text.split(address).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <a key={index} className="wb-link" href={part} target="_blank" rel="noopener noreferrer">
        {part}
      </a>
    ),
  )
}
