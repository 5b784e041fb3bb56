/** Equal sentences as one, with how often it came. */
export const timesEach = (sentences: readonly string[]): string[] =>
  [...Map.groupBy(sentences, sentence => sentence)].map(([sentence, { length }]) =>
    length > 1 ? `${sentence} (${length} times)` : sentence,
  )
