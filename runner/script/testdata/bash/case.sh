case abc in a*) echo 1 ;;& *c) echo 2 ;& x) echo 3 ;; esac
