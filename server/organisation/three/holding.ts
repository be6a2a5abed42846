// What the room of the three administrators changes of who they are, in transactions of its own.

export { refuseOpen } from './joint-store.ts'
export { dropScope, endHolders, insertHolder, putScope } from './three-store.ts'
