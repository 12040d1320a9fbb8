/** Negotiator's parser, which its own types leave out. Types and names of parameters come as below in 1.1.0, the version that is pinned. */
declare module 'negotiator/lib/accept.js' {
  /** The items of a header between commas, each with its parameters by their names in lower case; quotes are taken off. */
  export default function parseAccept(header: string): { type: string; parameters: Record<string, string> }[]
}
