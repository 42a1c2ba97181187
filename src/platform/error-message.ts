/** Why something failed, for a person. A host with several addresses fails with an error that has a code and no text. */
export const errorMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
};
