// The submission of a form: whether it is in progress, and why it failed.

import { useState } from "preact/hooks";
import { Problem } from "../server/problem.ts";

export function useSubmission(submit: (fields: FormData, form: HTMLFormElement) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const form = event.currentTarget as HTMLFormElement;
    try {
      await submit(new FormData(form), form);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, onSubmit };
}

export const text = (fields: FormData, name: string): string => String(fields.get(name) ?? "");
