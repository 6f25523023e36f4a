;;; driver.el --- what a user of Eglot does, told to the tests as JSON  -*- lexical-binding: t; -*-

;; emacs -Q --batch -l driver.el -f SCENARIO: works on the file PROCODER_TEST_FILE with the snippet
;; PROCODER_TEST_SNIPPET, and prints what it saw. It decides nothing; the tests do.

(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa") ; -Q leaves it out
(package-initialize)
(require 'json)
(load (getenv "PROCODER_TEST_SNIPPET") nil t)
(setq eglot-autoreconnect nil ; the restart is asked for by the command
      eglot-confirm-server-initiated-edits nil
      eglot-sync-connect 60
      inhibit-message nil)

(defconst driver-patience 120 "Seconds after which waiting is given up.")

(defmacro driver-until (condition)
  "Let Emacs work until CONDITION holds; return its value."
  `(with-timeout (driver-patience (error "Waited in vain for %S" ',condition))
     (let (value)
       (while (not (setq value ,condition))
         (accept-process-output nil 0.05))
       value)))

(defun driver-open (&optional place)
  "Visit the file, start Eglot as a user does, and go to the beginning of PLACE."
  (find-file (getenv "PROCODER_TEST_FILE"))
  (call-interactively #'eglot)
  (when place (driver-go place)))

(defun driver-go (place)
  "Go to the beginning of the first PLACE."
  (goto-char (point-min))
  (search-forward place)
  (goto-char (match-beginning 0)))

(defun driver-hover ()
  "Return what Eglot gives ElDoc to show for point."
  (let (shown)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown (substring-no-properties text))))
    (driver-until shown)))

(defun driver-hover-until (text)
  "Ask for what is at point until that has TEXT; return it."
  (let (shown)
    (driver-until (progn (setq shown (driver-hover)) (string-search text shown)))
    shown))

(defun driver-tell (&rest seen)
  "Print the plist SEEN as JSON and leave."
  (princ (json-encode seen))
  (ignore-errors (eglot-shutdown (eglot-current-server)))
  (kill-emacs 0))
