import { say } from './words.ts'

const backAfterMs = 2000

/** A button copies what its `data-copy` says, or the code of its block. */
export function copyByButtons(): void {
  document.addEventListener('click', event => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button.copy')
    if (!button) return
    const text = button.dataset['copy'] ?? button.closest('.code')?.querySelector('pre')?.textContent ?? ''
    const show = (word: string) => {
      button.textContent = word
      setTimeout(() => {
        button.textContent = say().copy
      }, backAfterMs)
    }
    // Browsers give no clipboard to pages that come over plain http from elsewhere than this machine.
    const copying = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    copying.then(
      () => show(say().copied),
      () => show(say().copyFailed),
    )
  })
}
